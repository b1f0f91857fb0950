// Tells in JSON what is wrong with the AsyncAPI document of standard input, and what a reader of it is told.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser } = createRequire(process.argv[2])("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const channels = document?.channels().all().map((channel) => ({
  address: channel.address(),
  messages: channel.messages().all().map((message) => message.id()),
  kafka: channel.bindings().get("kafka")?.value(),
}));
const told = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join(".") }));
console.log(JSON.stringify({ diagnostics: told, channels }));
