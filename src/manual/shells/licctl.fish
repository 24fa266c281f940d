# Completion of licctl for fish. The program itself answers, so that stored names complete too: it is given the word at the cursor
# without its quotes, and fish quotes what it inserts.
function __licctl_complete
    set -l token (commandline --cut-at-cursor --current-token)
    set -l plain $token
    # A quote may still be open.
    for close in '' "'" '"'
        if string unescape -- "$token$close" >/dev/null
            set plain (string unescape -- "$token$close")
            break
        end
    end
    COMPLETE=fish licctl -- (commandline --current-process --tokenize --cut-at-cursor) "$plain" 2>/dev/null
end

complete --keep-order --exclusive --command licctl --arguments "(__licctl_complete)"
