complete --keep-order --exclusive --command licctl --arguments "(COMPLETE=fish licctl -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
