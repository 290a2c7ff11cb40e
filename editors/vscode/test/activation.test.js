// Activation, with an editor that records what it is asked: which program is started, which
// commands are there, and what happens without a program.

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const manifest = require("../package.json");

function editor(settings = {}) {
  const calls = { commands: [], executed: [], errors: [] };
  const disposable = { dispose() {} };
  const event = () => disposable;
  // What is not named here is a class or a function nobody looks into.
  const anything = new Proxy(class {}, {
    get: (target, name) => (name in target || typeof name === "symbol" ? target[name] : anything),
    apply: () => anything,
    construct: () => ({}),
  });
  const channel = { appendLine() {}, append() {}, show() {}, dispose() {} };
  const known = {
    window: {
      createOutputChannel: () => channel,
      showErrorMessage: async (message) => void calls.errors.push(message),
    },
    workspace: {
      getConfiguration: () => ({ get: (name, fallback) => settings[name] ?? fallback }),
      registerTextDocumentContentProvider: () => disposable,
      onDidChangeConfiguration: event,
    },
    commands: {
      registerCommand: (name) => (calls.commands.push(name), disposable),
      executeCommand: async (...call) => void calls.executed.push(call),
    },
  };
  return { calls, vscode: known, anything };
}

// The client is replaced: what counts is how it is made.
function load(fake, started) {
  const original = Module._load;
  Module._load = function (request, ...rest) {
    if (request === "vscode") return fake.vscode;
    if (request === "vscode-languageclient/node") {
      return {
        ExecuteCommandRequest: { type: "workspace/executeCommand" },
        LanguageClient: class {
          constructor(id, name, server, options) {
            started.push({ id, name, server, options });
          }
          async start() {
            if (fake.fails) throw new Error("spawn ENOENT");
          }
          async stop() {}
        },
      };
    }
    return original.call(this, request, ...rest);
  };
  try {
    const file = path.join(__dirname, "..", "dist", "extension.test.js");
    delete require.cache[file];
    return require(file);
  } finally {
    Module._load = original;
  }
}

const context = (folder) => ({ subscriptions: [], extensionPath: folder });

test("the program on PATH is started with standard input and output", async () => {
  const fake = editor();
  const started = [];
  const extension = load(fake, started);
  await extension.activate(context("/nowhere"));
  assert.deepStrictEqual(started[0].server, { command: "dewline", args: ["lsp", "--stdio"] });
  for (const { command } of manifest.contributes.commands) {
    assert.ok(fake.calls.commands.includes(command), command);
  }
  assert.deepStrictEqual(fake.calls.executed.at(-1), ["setContext", "dewline.active", true]);
  await extension.deactivate();
});

test("the settings name another program, and a bundled one comes before PATH", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "dewline-"));
  fs.mkdirSync(path.join(folder, "bin"));
  fs.writeFileSync(path.join(folder, "bin", "dewline"), "");
  const started = [];
  await load(editor({ path: "/opt/dewline", arguments: ["--log", "x"] }), started).activate(context(folder));
  assert.deepStrictEqual(started[0].server, { command: "/opt/dewline", args: ["lsp", "--stdio", "--log", "x"] });
  const extension = load(editor(), started);
  assert.strictEqual(extension.program("", folder, "linux"), path.join(folder, "bin", "dewline"));
  assert.strictEqual(extension.program("", folder, "win32"), "dewline");
  fs.rmSync(folder, { recursive: true });
});

test("without a program the user is told what to do", async () => {
  const fake = editor();
  fake.fails = true;
  await load(fake, []).activate(context("/nowhere"));
  assert.match(fake.calls.errors[0], /dewline\.path/);
});

test("templates in YAML and JSON are asked about, on disk only", () => {
  const { selector } = load(editor(), []);
  assert.ok(selector.every((filter) => filter.scheme === "file"));
  assert.ok(["yaml", "json"].every((language) => selector.some((filter) => filter.language === language)));
});
