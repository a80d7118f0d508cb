# What gan-tui takes, completed in fish: gan-tui completion fish > ~/.config/fish/completions/gan-tui.fish

function __gan_tui_asked
    if type -qf gan-tui
        command gan-tui __complete $argv </dev/null 2>/dev/null
    else
        @PROGRAM@ __complete $argv </dev/null 2>/dev/null
    end
end

function __gan_tui_completions
    set -l current (commandline -ct)
    set -l answer (__gan_tui_asked fish (commandline -opc | string escape) "$current")
    set -l says (string split ' ' -- "$answer[1]")
    printf '%s\n' $answer[2..-1]
    set -l behind (string sub -l "$says[3]" -- "$current")
    set -l path (string sub -s (math "$says[3]" + 1) -- "$current")
    switch "$says[1]"
        case files
            __fish_complete_path "$path" | string replace -r '^' -- (string escape --style=regex -- "$behind")
        case folders
            __fish_complete_directories "$path" '' | string replace -r '^' -- (string escape --style=regex -- "$behind")
    end
end

complete -c gan-tui -e
complete -c gan-tui -f -a '(__gan_tui_completions)'
