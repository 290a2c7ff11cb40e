// The manifest: settings as the server reads them, activation only where templates are,
// untrusted workspaces without a program of theirs.

const assert = require("node:assert");
const { test } = require("node:test");
const manifest = require("../package.json");

const settings = manifest.contributes.configuration.properties;

test("every setting is described and has a default of its type", () => {
  for (const [name, setting] of Object.entries(settings)) {
    assert.ok(setting.markdownDescription, name);
    const type = Array.isArray(setting.default) ? "array" : typeof setting.default;
    assert.strictEqual(type, setting.type, name);
    if (setting.enum) {
      assert.ok(setting.enum.includes(setting.default), name);
    }
  }
});

test("it is activated by files, never by a language or by everything", () => {
  for (const event of manifest.activationEvents) {
    assert.match(event, /^workspaceContains:/);
  }
  for (const file of ["serverless.yml", "template.yaml", "samconfig.toml", "dewline.yaml"]) {
    assert.ok(manifest.activationEvents.some((event) => event.endsWith(file)), file);
  }
});

test("an untrusted workspace cannot choose the program", () => {
  const { untrustedWorkspaces } = manifest.capabilities;
  assert.strictEqual(untrustedWorkspaces.supported, "limited");
  for (const name of ["dewline.path", "dewline.arguments", "dewline.config"]) {
    assert.ok(untrustedWorkspaces.restrictedConfigurations.includes(name), name);
    assert.ok(settings[name], name);
  }
});

test("every command of the palette is declared", () => {
  const declared = manifest.contributes.commands.map((command) => command.command);
  for (const entry of manifest.contributes.menus.commandPalette) {
    assert.ok(declared.includes(entry.command), entry.command);
  }
});
