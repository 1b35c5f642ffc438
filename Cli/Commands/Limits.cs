using System.CommandLine;
using System.Globalization;

namespace OrleansMemory.Cli.Commands;

/// <summary>The option that says how many.</summary>
internal static class Limits
{
    private const int Most = 1_000_000;

    /// <summary>The option.</summary>
    /// <param name="standard">How many where it is not given.</param>
    /// <returns>The option.</returns>
    public static Option<int> Option(int standard)
    {
        var limit = new Option<int>("--limit") { Description = $"How many at most, 1 to {Most}.", DefaultValueFactory = _ => standard };
        limit.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > Most))
            {
                result.AddError($"--limit is 1 to {Most}.");
            }
        });
        return limit;
    }
}
