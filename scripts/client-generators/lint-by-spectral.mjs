// Prints what Spectral's recommended rules find in the OpenAPI document of the file.
import { readFileSync } from "node:fs";
import core from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";

const spectral = new core.Spectral();
spectral.setRuleset({ extends: [[rulesets.oas, "recommended"]] });
const problems = await spectral.run(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
process.stdout.write(JSON.stringify(problems.map(({ code, path, message }) => [code, path.join("."), message])));
