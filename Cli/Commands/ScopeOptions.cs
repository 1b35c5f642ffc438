using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansMemory.Cli.Commands;

/// <summary>Whose memories: of a user, an agent, a session, or of several of them together; one at least.</summary>
internal sealed class ScopeOptions
{
    private readonly Option<string?> _user = new("--user") { Description = "Of this user." };

    private readonly Option<string?> _agent = new("--agent") { Description = "Of this agent." };

    private readonly Option<string?> _session = new("--session") { Description = "Of this session." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_user);
        command.Add(_agent);
        command.Add(_session);
        command.Validators.Add(Check);
    }

    public string? User(ParseResult parsed) => parsed.GetValue(_user);

    public string? Agent(ParseResult parsed) => parsed.GetValue(_agent);

    public string? Session(ParseResult parsed) => parsed.GetValue(_session);

    private void Check(CommandResult result)
    {
        if (result.GetValue(_user) is null && result.GetValue(_agent) is null && result.GetValue(_session) is null)
        {
            result.AddError("Say whose memories: --user, --agent or --session.");
        }
    }
}
