using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansMemory.Cli.Commands;

/// <summary>Arguments and options that are ids. What an address would swallow is refused before it is sent.</summary>
internal static class Ids
{
    /// <summary>An argument.</summary>
    public static Argument<string> Argument(string name, string description)
    {
        var id = new Argument<string>(name) { Description = description };
        id.Validators.Add(result => Check(result, name));
        return id;
    }

    /// <summary>An option.</summary>
    public static Option<string?> Option(string name, string description)
    {
        var id = new Option<string?>(name) { Description = description };
        id.Validators.Add(result => Check(result, name));
        return id;
    }

    private static void Check(SymbolResult result, string name)
    {
        if (result.Tokens is [{ Value: "" or "." or ".." }])
        {
            result.AddError($"{name}: an id has 1 character or more, and is not '.' or '..'.");
        }
    }
}
