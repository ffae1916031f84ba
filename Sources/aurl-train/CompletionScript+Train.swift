import ArgumentParser
import Terminal

extension CompletionScript {
  /// Completes arguments without a subcommand as those of `train`, which swift-argument-parser does not do for a default
  /// subcommand.
  static var additions: [CompletionShell: String] { [.bash: bash, .zsh: zsh, .fish: fish] }

  private static let subcommands =
    (AurlTrain.configuration.subcommands.map { $0._commandName } + ["help"]).joined(separator: " ")

  private static let bash = #"""
    _aurl-train_or_default() {
        local found=()
        if ((COMP_CWORD == 1)) || [[ " \#(subcommands) " == *" ${COMP_WORDS[1]} "* ]]; then
            _aurl-train "$@"
            ((COMP_CWORD == 1)) || return 0
            found=("${COMPREPLY[@]}")
            COMPREPLY=()
        fi
        local words=("${COMP_WORDS[0]}" train "${COMP_WORDS[@]:1}")
        local COMP_WORDS=("${words[@]}") COMP_CWORD=$((COMP_CWORD + 1))
        _aurl-train "$@"
        COMPREPLY=("${found[@]}" "${COMPREPLY[@]}")
    }

    complete -o filenames -F _aurl-train_or_default aurl-train
    """#

  private static let zsh = #"""
    functions[_aurl-train_subcommands]=$functions[_aurl-train]

    _aurl-train() {
        local -a subcommands=(\#(subcommands))
        if [[ "${words[2]}" == -* ]] || (( CURRENT > 2 && ! ${subcommands[(Ie)${words[2]}]} )); then
            words=("${words[1]}" train "${(@)words[2,-1]}")
            (( CURRENT++ ))
        elif (( CURRENT == 2 )); then
            _files -/
        fi
        _aurl-train_subcommands "${@}"
    }
    """#

  private static let fish = #"""
    function __aurl-train_complete_default
        set -l words (commandline -opc) (commandline -ct)
        contains -- "$words[2]" \#(subcommands); and test (count $words) -gt 2; and return
        complete -C (string join -- ' ' 'aurl-train train' (string escape -- $words[2..-2]) $words[-1])
    end

    complete -c aurl-train -n 'not contains -- train (commandline -opc)[2]' -fa '(__aurl-train_complete_default)'
    """#
}
