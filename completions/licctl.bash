# Completion of licctl for bash. The program itself answers, so that stored names complete too.
#
# bash inserts answers as they are, and breaks words at `=` and `:`. A stored name may hold blanks, quotes, `$` or a command: what is
# inserted is quoted here, what was typed is given to the program whole and without its quotes.

# Takes the quotes off a word; `plain` is the word, `quote` the quote that is still open at its end.
_licctl_plain() {
    local text=$1 letter
    plain='' quote=''
    while [[ -n $text ]]; do
        letter=${text:0:1} text=${text:1}
        case $quote$letter in
            \'\' | \"\") quote='' ;;
            \\ | \"\\) plain+=${text:0:1} text=${text:1} ;;
            \' | \") quote=$letter ;;
            *) plain+=$letter ;;
        esac
    done
}

# Quotes an answer as the open quote wants it.
_licctl_quoted() {
    local text=$1 letter
    case $quote in
        \')
            quoted=${text//\'/\'\\\'\'} ;;
        \")
            quoted=''
            while [[ -n $text ]]; do
                letter=${text:0:1} text=${text:1}
                [[ $letter == [\\\"\$\`] ]] && quoted+=\\
                quoted+=$letter
            done ;;
        *)
            printf -v quoted %q "$text" ;;
    esac
}

_licctl() {
    local line=$COMP_LINE rest word at current=0 plain quote quoted own head
    local -a words=()
    for at in "${!COMP_WORDS[@]}"; do
        word=${COMP_WORDS[at]}
        rest=${line#"${line%%[![:blank:]]*}"}
        if ((at > 0)) && [[ $rest == "$line" ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${rest#"$word"}
        ((at == COMP_CWORD)) && current=$((${#words[@]} - 1))
    done
    for at in "${!words[@]}"; do
        ((at == current)) && continue
        _licctl_plain "${words[at]}"
        words[at]=$plain
    done
    # bash replaces its own word alone, which may be the end of ours.
    _licctl_plain "$2"
    own=$plain
    [[ $own == [=:] ]] && own=''
    _licctl_plain "${words[current]}"
    words[current]=$plain
    head=${plain%"$own"}

    COMPREPLY=()
    while IFS='' read -r -d $'\013' word || [[ -n $word ]]; do
        _licctl_quoted "${word#"$head"}"
        COMPREPLY+=("$quoted")
    done < <(_CLAP_IFS=$'\013' _CLAP_COMPLETE_INDEX=$current COMPLETE=bash licctl -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

# Old versions of bash do not know `nosort`.
complete -o bashdefault -o nosort -F _licctl licctl 2>/dev/null || complete -o bashdefault -F _licctl licctl
