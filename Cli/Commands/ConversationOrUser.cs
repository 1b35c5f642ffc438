using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansMemory.Cli.Commands;

/// <summary>What a command is about: one conversation, or all of one user; one of them must be said.</summary>
/// <param name="conversation">What <c>--conversation</c> does.</param>
/// <param name="user">What <c>--user</c> does.</param>
internal sealed class ConversationOrUser(string conversation, string user)
{
    private readonly Option<string?> _conversation = Ids.Option("--conversation", conversation);

    private readonly Option<string?> _user = Ids.Option("--user", user);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_conversation);
        command.Add(_user);
        command.Validators.Add(Check);
    }

    public string? Conversation(ParseResult parsed) => parsed.GetValue(_conversation);

    public string? User(ParseResult parsed) => parsed.GetValue(_user);

    private void Check(CommandResult result)
    {
        if (result.GetValue(_conversation) is null == result.GetValue(_user) is null)
        {
            result.AddError("Say what: either --conversation or --user.");
        }
    }
}
