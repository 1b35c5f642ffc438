using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>
/// The conditions on metadata in a query string: <c>metadata={key}=value</c>, which generated clients can write,
/// <c>metadata.{key}=value</c> or <c>metadata[{key}]=value</c>.
/// </summary>
internal static class MetadataQuery
{
    private static readonly QueryParameter Names = Parameter("things");

    /// <summary>Describes the parameter.</summary>
    /// <param name="things">What is listed, in the plural.</param>
    /// <returns>The description.</returns>
    public static QueryParameter Parameter(string things) =>
        new(
            "metadata.{key}",
            "string",
            $"Only {things} whose metadata has these properties with these values: a string, a number as it was written, true, false or null. Each is written key=value; a key with an equals sign in it is written metadata.key=value or metadata[key]=value."
        );

    /// <summary>Reads the conditions.</summary>
    /// <returns>The conditions, none where there is no such parameter.</returns>
    /// <exception cref="InvalidRequestException">A key stands there twice, or a condition has no equals sign.</exception>
    public static ImmutableArray<MetadataMatch> Read(HttpRequest request)
    {
        ImmutableArray<MetadataMatch>.Builder matches = ImmutableArray.CreateBuilder<MetadataMatch>();
        foreach ((string name, StringValues values) in request.Query)
        {
            if (Names.IsList(name))
            {
                foreach (string? condition in values)
                {
                    Add(matches, name, Split(name, condition ?? ""));
                }
            }
            else if (Names.FindKey(name) is { } key)
            {
                Add(matches, name, new MetadataMatch { Name = key, Value = values[0] ?? "" });
            }
        }

        return matches.ToImmutable();
    }

    private static void Add(ImmutableArray<MetadataMatch>.Builder matches, string parameter, MetadataMatch match)
    {
        if (matches.Any(other => other.Name == match.Name))
        {
            throw new InvalidRequestException(parameter, "This query parameter stands here twice.");
        }

        matches.Add(match);
    }

    private static MetadataMatch Split(string parameter, string condition) =>
        condition.IndexOf('=', StringComparison.Ordinal) is > -1 and var end
            ? new MetadataMatch { Name = condition[..end], Value = condition[(end + 1)..] }
            : throw new InvalidRequestException(
                parameter,
                "A condition on metadata is a key and a value with an equals sign between them: key=value."
            );
}
