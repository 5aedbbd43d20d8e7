"""What stands before the web program in production, as little of it as a test needs: TLS on a port of its own.

The certificate is made for 127.0.0.1 when it is asked for, by an authority that nobody trusts without being told.
"""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, host: str | None = None) -> Path:
    """A certificate for 127.0.0.1, or `host`, with its key, as one PEM file in `folder`; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.DNSName(host) if host else x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "front.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@asynccontextmanager
async def tls_front(port: int, behind: int, pem: Path, lost: bytes = b"\0") -> AsyncIterator[None]:
    """
    TLS on 127.0.0.1:`port` for the plain server at `behind`.  `lost` is the name of a header that gets lost on the way,
    as behind a proxy that is set up wrongly.
    """

    open_ones: set[asyncio.Task[None]] = set()

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, ssl.SSLError):
            while piece := await source.read(65_536):
                target.write(piece.replace(b"\r\n" + lost + b":", b"\r\nX-Lost:"))
                await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        task.add_done_callback(open_ones.discard)
        theirs, ours = await asyncio.open_connection("127.0.0.1", behind)
        await asyncio.gather(carry(reader, ours), carry(theirs, writer))
        for each in (writer, ours):
            with suppress(ConnectionError, TimeoutError, ssl.SSLError):
                await each.wait_closed()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=context)
    try:
        yield
    finally:
        server.close()
        for each in open_ones:
            each.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
        await server.wait_closed()
