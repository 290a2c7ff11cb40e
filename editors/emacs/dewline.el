;;; dewline.el --- Checks serverless templates through eglot -*- lexical-binding: t; -*-

;;; Commentary:

;; Registers `dewline lsp' with eglot for YAML and JSON.

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs
             '((yaml-mode yaml-ts-mode json-mode json-ts-mode js-json-mode) . ("dewline" "lsp")))

(defun dewline-explain (name)
  "Show the documentation of the policy NAME."
  (interactive "sPolicy: ")
  (let ((page (jsonrpc-request (eglot--current-server-or-lose) :workspace/executeCommand
                               (list :command "dewline.explain" :arguments (vector name)))))
    (with-help-window "*dewline*" (princ page))))

(provide 'dewline)
;;; dewline.el ends here
