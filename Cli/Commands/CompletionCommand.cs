using System.CommandLine;

namespace OrleansMemory.Cli.Commands;

/// <summary>Prints what makes a shell complete the tool's command lines.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _omem() {
          local IFS=$'\n'
          COMPREPLY=( $(omem "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null) )
        }
        complete -o default -F _omem omem
        """;

    private const string Zsh = """
        _omem() {
          local -a found
          found=("${(@f)$(omem "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- $found
        }
        compdef _omem omem
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName omem -ScriptBlock {
          param($word, $tree, $position)
          omem "[suggest:$position]" "$tree" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Create(Invocation invocation)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", "Prints the completion of a shell, for instance: eval \"$(omem completion bash)\".")
        {
            shell,
        };
        command.SetAction(parsed =>
            invocation.Output.WriteLine(
                parsed.GetRequiredValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => PowerShell,
                }
            )
        );
        return command;
    }
}
