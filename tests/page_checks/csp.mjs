// What Google's CSP Evaluator thinks of policies: a JSON list on standard input, for each its findings on standard output.
import { readFileSync } from "node:fs";
import { Version } from "csp_evaluator/dist/csp.js";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { CspParser } from "csp_evaluator/dist/parser.js";

const judged = JSON.parse(readFileSync(0, "utf-8")).map((policy) =>
    new CspEvaluator(new CspParser(policy).csp, Version.CSP3)
        .evaluate()
        .map((finding) => ({ severity: finding.severity, says: `${finding.directive} ${finding.value ?? ""}: ${finding.description}` })),
);
process.stdout.write(JSON.stringify(judged));
