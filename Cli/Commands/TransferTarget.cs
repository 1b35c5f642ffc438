using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansMemory.Cli.Commands;

/// <summary>What an export is of: one conversation, all of one user, or all of the tenant; one of them must be said.</summary>
internal sealed class TransferTarget
{
    private readonly Option<string?> _conversation = Ids.Option("--conversation", "Exports this conversation.");

    private readonly Option<string?> _user = Ids.Option("--user", "Exports all of this user: conversations and memories.");

    private readonly Option<bool> _all = new("--all")
    {
        Description = "Exports all that the key may read: every conversation and memory of the tenant.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_conversation);
        command.Add(_user);
        command.Add(_all);
        command.Validators.Add(Check);
    }

    public string? Conversation(ParseResult parsed) => parsed.GetValue(_conversation);

    public string? User(ParseResult parsed) => parsed.GetValue(_user);

    /// <summary>Says what it is of.</summary>
    public string Describe(ParseResult parsed) =>
        Conversation(parsed) is { } conversation ? $"conversation {conversation}"
        : User(parsed) is { } user ? $"user {user}"
        : "all";

    private void Check(CommandResult result)
    {
        int said =
            (result.GetValue(_conversation) is null ? 0 : 1) + (result.GetValue(_user) is null ? 0 : 1) + (result.GetValue(_all) ? 1 : 0);
        if (said != 1)
        {
            result.AddError("Say what: either --conversation or --user or --all.");
        }
    }
}
