-- Drives the server from a real editor, headless:
--   nvim --headless --clean -c 'luafile editors/neovim/test.lua'
-- with the program in DEWLINE. Opens a template of each dialect, sees the diagnostics, applies
-- a fix, renames, goes to a definition. Works from Neovim 0.7 on.

local program = assert(vim.env.DEWLINE, "DEWLINE names no program")
local folder = vim.fn.tempname()
vim.fn.mkdir(folder .. "/.git", "p")

local cases = {
  {
    name = "cloudformation/template.yaml",
    text = {
      "Resources:",
      "  Jobs:",
      "    Type: AWS::SQS::Queue",
      "  Worker:",
      "    Type: AWS::Lambda::Function",
      "    DependsOn: Jobs",
      "    Properties:",
      "      Role: arn:aws:iam::111122223333:role/worker",
      "      Code: {ZipFile: x}",
      "      Handler: index.main",
      "      Runtime: nodejs22.x",
      "      Timeout: 1000",
      "      Description: !GetAtt Jobs.QueueName",
    },
    name_at = { 6, 15 },
    new_name = "Work",
    renamed = { "  Work:", "    DependsOn: Work", "      Description: !GetAtt Work.QueueName" },
    declared = 2,
  },
  {
    name = "sam/template.yaml",
    text = {
      "Transform: AWS::Serverless-2016-10-31",
      "Resources:",
      "  Worker:",
      "    Type: AWS::Serverless::Function",
      "    Properties:",
      "      Handler: a.b",
      "      Runtime: nodejs24.x",
      "      CodeUri: .",
      "      Timeout: 1000",
      "Outputs:",
      "  Role: {Value: !GetAtt WorkerRole.Arn}",
    },
    name_at = { 11, 26 },
    new_name = "Clerk",
    renamed = { "  Clerk:", "  Role: {Value: !GetAtt ClerkRole.Arn}" },
    declared = 3,
  },
  {
    name = "serverless/serverless.yml",
    text = {
      "service: shop",
      "provider: {name: aws, runtime: nodejs22.x}",
      "functions:",
      "  worker:",
      "    handler: a.b",
      "    timeout: 1000",
      "resources:",
      "  Outputs:",
      "    Arn: {Value: !GetAtt WorkerLambdaFunction.Arn}",
    },
    name_at = { 9, 28 },
    new_name = "clerk",
    renamed = { "  clerk:", "    Arn: {Value: !GetAtt ClerkLambdaFunction.Arn}" },
    declared = 4,
  },
}
local finding = "function-timeout-range"

local function wait(what, condition)
  assert(vim.wait(20000, condition, 20), "waited in vain for " .. what)
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function has_line(line)
  return vim.tbl_contains(lines(), line)
end

local function codes()
  return vim.tbl_map(function(diagnostic)
    return diagnostic.code or (diagnostic.user_data and diagnostic.user_data.lsp.code)
  end, vim.diagnostic.get(0))
end

local function run(case, client)
  local path = folder .. "/" .. case.name
  vim.fn.mkdir(vim.fn.fnamemodify(path, ":h"), "p")
  vim.fn.writefile(case.text, path)
  vim.cmd("edit " .. vim.fn.fnameescape(path))
  vim.lsp.buf_attach_client(0, client)
  wait(finding, function()
    return vim.tbl_contains(codes(), finding)
  end)

  -- Goes to the definition.
  vim.api.nvim_win_set_cursor(0, case.name_at)
  vim.lsp.buf.definition()
  wait("the definition", function()
    return vim.api.nvim_win_get_cursor(0)[1] == case.declared
  end)

  -- Renames.
  vim.api.nvim_win_set_cursor(0, case.name_at)
  vim.lsp.buf.rename(case.new_name)
  for _, line in ipairs(case.renamed) do
    wait(line, function()
      return has_line(line)
    end)
  end

  -- Applies a fix: the preferred action of the finding.
  local diagnostic
  wait("the finding after the rename", function()
    for _, known in ipairs(vim.diagnostic.get(0)) do
      local raw = known.user_data and known.user_data.lsp or {}
      if (known.code or raw.code) == finding then
        diagnostic = known
      end
    end
    return diagnostic ~= nil
  end)
  local start = { line = diagnostic.lnum, character = diagnostic.col }
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(),
    range = { start = start, ["end"] = start },
    context = { diagnostics = {} },
  }
  local answers = assert(vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 20000))
  local fix
  for _, action in ipairs(answers[client].result) do
    if action.edit and action.isPreferred then
      fix = action
    end
  end
  assert(fix, "no preferred action among " .. vim.inspect(answers[client].result))
  vim.lsp.util.apply_workspace_edit(fix.edit, "utf-16")
  wait("the finding to go", function()
    return not vim.tbl_contains(codes(), finding)
  end)
  vim.cmd("write")
end

local ok, problem = pcall(function()
  local client = vim.lsp.start_client({ name = "dewline", cmd = { program, "lsp" }, root_dir = folder })
  assert(client, "the server does not start")
  for _, case in ipairs(cases) do
    run(case, client)
    print("ok " .. case.name .. "\n")
  end
  vim.lsp.stop_client(client)
end)
vim.fn.delete(folder, "rf")
if not ok then
  print(tostring(problem) .. "\n")
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
