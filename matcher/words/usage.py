"""What is said where the command line itself is wrong: a command, an option or a value that does not exist."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

USAGE: Final = {
    "no_command": Sentence(
        ja="{command}：コマンドがありません。使えるコマンド：{known}。\n"
        "対処：{command} --help で説明を確かめてください。",
        en="{command}: there is no command. Commands: {known}.\nTry: {command} --help explains them.",
    ),
    "no_such_command": Sentence(
        ja="{command}：「{given}」というコマンドはありません。使えるコマンド：{known}。\n"
        "対処：{command} --help で説明を確かめてください。",
        en="{command}: there is no command {given}. Commands: {known}.\nTry: {command} --help explains them.",
    ),
    "no_such_command_near": Sentence(
        ja="{command}：「{given}」というコマンドはありません。使えるコマンド：{known}。\n"
        "対処：「{near}」のことでしたら、そのように入力してください。",
        en="{command}: there is no command {given}. Commands: {known}.\nTry: if you mean {near}, type that.",
    ),
    "no_such_option": Sentence(
        ja="{command}：「{given}」というオプションはありません。使えるオプション：{known}。\n"
        "対処：{command} --help で説明を確かめてください。",
        en="{command}: there is no option {given}. Options: {known}.\nTry: {command} --help explains them.",
    ),
    "no_such_option_near": Sentence(
        ja="{command}：「{given}」というオプションはありません。使えるオプション：{known}。\n"
        "対処：「{near}」のことでしたら、そのように入力してください。",
        en="{command}: there is no option {given}. Options: {known}.\nTry: if you mean {near}, type that.",
    ),
    "argument_missing": Sentence(
        ja="{command}：「{name}」がありません（{about}）。\n対処：{command} の後に入力してください。",
        en="{command}: {name} is missing ({about}).\nTry: type it after {command}.",
    ),
    "value_missing": Sentence(
        ja="{command}：オプション「{name}」に値がありません（{about}）。\n"
        "対処：「{name}」の後に、空白を1つ空けて値を入力してください。",
        en="{command}: the option {name} has no value ({about}).\nTry: type one after {name}, behind a blank.",
    ),
    "value_not_taken": Sentence(
        ja="{command}：オプション「{name}」には値を付けられません（{about}）。\n対処：「{name}」とだけ入力してください。",
        en="{command}: the option {name} takes no value ({about}).\nTry: type {name} alone.",
    ),
    "option_too_early": Sentence(
        ja="{command}：オプション「{given}」は、コマンドより後に書くものです。\n"
        "対処：{owner} … {given} の順に入力してください。",
        en="{command}: the option {given} belongs behind the command.\nTry: {owner} … {given}.",
    ),
    "too_many_words": Sentence(
        ja="{command}：余分な語があります（{given}）。\n"
        '対処：空白を含む名前は " " で囲み、オプションの書き方は {command} --help で確かめてください。',
        en="{command}: there is more than it takes ({given}).\n"
        "Try: put a name that holds a blank in double quotes; {command} --help explains the options.",
    ),
    "other": Sentence(
        ja="{command}：指定の誤りです（{given}）。\n対処：{command} --help で書き方を確かめてください。",
        en="{command}: this is no call that it knows ({given}).\nTry: {command} --help explains it.",
    ),
}
