"""
Fuzzes one target, as a process of its own in the environment of `make fuzz`.

`python -m tests.fuzz.under_atheris TARGET MODULES [libFuzzer's options and folders]`; ends as libFuzzer ends: 0 after
its runs, another code where the judge raised, with the input in a file.
"""

import sys
from random import Random

import atheris


def main() -> None:
    """Instrument the modules, then let libFuzzer at the judge."""
    name, modules, *words = sys.argv[1:]
    with atheris.instrument_imports(include=modules.split(",")):
        from tests.fuzz.targets import named
    target = named(name)

    def judge(raw: bytes) -> None:
        target.judge(raw)

    def mutate(raw: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if target.mutate is not None and random.random() < 0.7:
            return target.mutate(raw, random)[:most]
        mutated: bytes = atheris.Mutate(raw, most)
        return mutated

    own = {} if target.mutate is None else {"custom_mutator": mutate}
    atheris.Setup([sys.argv[0], *words], judge, **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
