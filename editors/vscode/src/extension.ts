// The extension is a thin client: it finds the program, starts it, and shows what only an
// editor can show. Everything else is the server's.

import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type Location,
  type Position,
} from "vscode-languageclient/node";

let client: LanguageClient | undefined;
let output: vscode.OutputChannel | undefined;

/** The program: from the settings, else the one in the extension, else the one on PATH. */
export function program(configured: string, extensionPath: string, platform: string = process.platform): string {
  if (configured !== "") {
    return configured;
  }
  const bundled = path.join(extensionPath, "bin", platform === "win32" ? "dewline.exe" : "dewline");
  return existsSync(bundled) ? bundled : "dewline";
}

/** Files the server is asked about. It says nothing of those that are no templates. */
export const selector = [
  { scheme: "file", language: "yaml" },
  { scheme: "file", language: "json" },
  { scheme: "file", language: "jsonc" },
  { scheme: "file", language: "cloudformation" },
  { scheme: "file", pattern: "**/*.template" },
];

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("dewline");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("dewline.restart", () => restart(context)),
    vscode.commands.registerCommand("dewline.showStatus", showStatus),
    vscode.commands.registerCommand("dewline.explainPolicy", explainPolicy),
    vscode.workspace.registerTextDocumentContentProvider("dewline-policy", { provideTextDocumentContent: explanation }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("dewline.path") || change.affectsConfiguration("dewline.arguments")) {
        void restart(context);
      }
    }),
  );
  await start(context);
  await vscode.commands.executeCommand("setContext", "dewline.active", true);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const settings = vscode.workspace.getConfiguration("dewline");
  const command = program(settings.get<string>("path", ""), context.extensionPath);
  const args = ["lsp", "--stdio", ...settings.get<string[]>("arguments", [])];
  const options: LanguageClientOptions = {
    documentSelector: selector,
    outputChannel: output,
    initializationOptions: settings,
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      // Two commands of the server are shown by the editor.
      executeCommand: async (name, values, next) => {
        if (name === "dewline.explain" && typeof values[0] === "string") {
          return showPolicy(values[0]);
        }
        if (name === "dewline.showLocations") {
          return showLocations(values[0] as string, values[1] as Position, values[2] as Location[]);
        }
        return next(name, values);
      },
    },
  };
  client = new LanguageClient("dewline", "dewline", { command, args }, options);
  try {
    await client.start();
  } catch (error) {
    output?.appendLine(String(error));
    const settingsTitle = "Open settings";
    const chosen = await vscode.window.showErrorMessage(
      `dewline could not be started as "${command}". Install it, or say in dewline.path where it is.`,
      settingsTitle,
    );
    if (chosen === settingsTitle) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "dewline.path");
    }
  }
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await client?.stop().catch(() => undefined);
  await start(context);
}

async function showStatus(): Promise<void> {
  const status = await client?.sendRequest("dewline/status", null);
  const document = await vscode.workspace.openTextDocument({
    language: "json",
    content: JSON.stringify(status ?? "the server is not running", null, 2),
  });
  await vscode.window.showTextDocument(document);
}

async function explainPolicy(): Promise<void> {
  const name = await vscode.window.showInputBox({ prompt: "Name of the policy", placeHolder: "rest-api-timeout-exceeded" });
  if (name) {
    await showPolicy(name);
  }
}

async function showPolicy(name: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: "dewline-policy", path: `${name}.md` });
  await vscode.commands.executeCommand("markdown.showPreview", uri);
}

async function explanation(uri: vscode.Uri): Promise<string> {
  const name = uri.path.replace(/\.md$/, "");
  try {
    const text = await client?.sendRequest(ExecuteCommandRequest.type, { command: "dewline.explain", arguments: [name] });
    return typeof text === "string" ? text : "The server is not running.";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function showLocations(uri: string, position: Position, locations: Location[]): Promise<void> {
  if (!client) {
    return;
  }
  const { protocol2CodeConverter: convert } = client;
  await vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(uri),
    convert.asPosition(position),
    locations.map((location) => convert.asLocation(location)),
  );
}
