# What gan-tui takes, completed in bash: eval "$(gan-tui completion bash)" in ~/.bashrc

_gan_tui_asked() {
  if type -P gan-tui >/dev/null; then
    command gan-tui __complete "$@"
  else
    @PROGRAM@ __complete "$@"
  fi </dev/null 2>/dev/null
}

_gan_tui() {
  local kind="" space kept word
  COMPREPLY=()
  while IFS= read -r word; do
    if [[ -n $kind ]]; then
      COMPREPLY+=("$word")
    else
      IFS=" " read -r kind space kept <<<"$word"
    fi
  done < <(_gan_tui_asked bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS")
  case $kind in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
  [[ $space == nospace ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -o nosort -F _gan_tui gan-tui 2>/dev/null || complete -F _gan_tui gan-tui
