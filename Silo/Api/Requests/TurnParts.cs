using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>Where the parts of a turn stood in the request, so that an error of the grain names them as the caller wrote them.</summary>
/// <param name="Writes">The path of each entry write.</param>
/// <param name="Deletes">The path of each entry delete.</param>
internal sealed partial record TurnParts(ImmutableArray<string> Writes, ImmutableArray<string> Deletes)
{
    /// <summary>A turn without entries.</summary>
    public static TurnParts None { get; } = new([], []);

    /// <summary>Makes a call whose errors name the parts of the request.</summary>
    /// <typeparam name="T">What it returns.</typeparam>
    /// <returns>What it returns.</returns>
    public async Task<T> NameAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (InvalidRequestException failure)
        {
            string name = Translate(failure.Parameter);
            throw new InvalidRequestException(name, failure.Message.Replace(failure.Parameter, name, StringComparison.Ordinal));
        }
        catch (JsonTooDeepException failure)
        {
            throw new JsonTooDeepException(Translate(failure.Parameter), failure.Depth, failure.Limit);
        }
        catch (PayloadTooLargeException failure)
        {
            throw new PayloadTooLargeException(Translate(failure.Parameter), failure.Actual, failure.Limit, failure.Unit);
        }
    }

    private string Translate(string parameter)
    {
        Match match = Indexed().Match(parameter);
        if (!match.Success)
        {
            return parameter;
        }

        string rest = match.Groups["rest"].Value;
        string list = match.Groups["list"].Value;
        if (list == "messages")
        {
            return parameter[..^rest.Length]
                + rest switch
                {
                    ".author" => ".authorName",
                    ".id" => ".messageId",
                    ".metadata" => ".additionalProperties",
                    _ => rest,
                };
        }

        ImmutableArray<string> paths = list == "entries" ? Writes : Deletes;
        int index = int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture);
        if (index >= paths.Length)
        {
            return parameter;
        }

        // A global or a part of the MemoryObject is named by its key; an entry has fields.
        return !paths[index].StartsWith("entries[", StringComparison.Ordinal)
            ? paths[index]
            : paths[index]
                + rest switch
                {
                    ".space" => ".namespace",
                    ".ttl" => ".ttlSeconds",
                    _ => rest,
                };
    }

    [GeneratedRegex(
        @"\A(?<list>messages|entries|entryDeletes)\[(?<index>[0-9]{1,9})\](?<rest>.*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Indexed();
}
