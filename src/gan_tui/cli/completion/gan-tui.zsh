#compdef gan-tui
# What gan-tui takes, completed in zsh: eval "$(gan-tui completion zsh)" in ~/.zshrc

_gan_tui_asked() {
  if (( $+commands[gan-tui] )); then
    command gan-tui __complete "$@"
  else
    @PROGRAM@ __complete "$@"
  fi </dev/null 2>/dev/null
}

_gan_tui() {
  local -a answer says found shown blank
  local line
  answer=("${(@f)$(_gan_tui_asked zsh "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")}")
  says=(${=answer[1]})
  for line in "${(@)answer[2,-1]}"; do
    found+=("${line%%$'\t'*}")
    shown+=("${line#*$'\t'}")
  done
  [[ $says[2] == nospace ]] && blank=(-S '')
  if (( $#found )); then
    local -a form
    [[ "$found" == "$shown" ]] || form=(-l)
    compadd "${(@)blank}" $form -V gan-tui -d shown -a found
    return
  fi
  (( ${says[3]:-0} )) && compset -p $says[3]
  case $says[1] in
    files) _files ;;
    folders) _files -/ ;;
  esac
}

if [[ ${funcstack[1]} == _gan[-_]tui ]]; then  # as a file of fpath
  _gan_tui "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _gan_tui gan-tui
fi
