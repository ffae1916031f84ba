import ArgumentParser
import Terminal

extension CompletionScript {
  /// Additions to the completion scripts: `aurl train` is completed like `aurl-train`, without a space after folder
  /// names.
  static var additions: [CompletionShell: String] { [.bash: bash, .zsh: zsh, .fish: fish] }

  private static let bash = #"""
    _aurl_train() {
        if ! declare -F _aurl-train_or_default > /dev/null; then
            source <("${COMP_WORDS[0]}" train --generate-completion-script bash 2> /dev/null)
            declare -F _aurl-train_or_default > /dev/null || return 0
        fi
        local words=(aurl-train "${COMP_WORDS[@]:2}")
        local COMP_WORDS=("${words[@]}") COMP_CWORD=$((COMP_CWORD - 1))
        _aurl-train_or_default aurl-train "${cur}" "${COMP_WORDS[COMP_CWORD - 1]}"
    }
    """#

  private static let zsh = #"""
    _aurl_train() {
        words[1]=aurl-train
        _normal
    }

    functions[__aurl_complete_words]=$functions[__aurl_complete]

    __aurl_complete() {
        local -a folders=("${(M@)@:#*/}") others=("${(@)@:#*/}")
        (( ${#folders} )) && compadd -S '' -- "${folders[@]}"
        (( ${#others} )) && __aurl_complete_words "${others[@]}"
    }
    """#

  private static let fish = #"""
    function __aurl_complete_train
        set -l words (commandline -opc) (commandline -ct)
        complete -C (string join -- ' ' aurl-train (string escape -- $words[3..-2]) $words[-1])
    end

    complete -c aurl -n 'contains -- train (commandline -opc)[2]' -fa '(__aurl_complete_train)'
    """#
}
