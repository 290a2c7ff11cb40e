-- nvim-lspconfig's form of the server: put this file into `lsp/` of your configuration
-- (Neovim 0.11) and say `vim.lsp.enable("dewline")`.

local markers = { "dewline.yaml", ".dewline.yaml", "samconfig.toml", "serverless.yml", "template.yaml", ".git" }

return {
  cmd = { "dewline", "lsp" },
  filetypes = { "yaml", "yaml.cloudformation", "json", "json.cloudformation" },
  root_markers = markers,
  settings = { dewline = {} },
}
