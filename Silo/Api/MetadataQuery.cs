using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>The conditions on metadata in a query string: <c>metadata.{key}=value</c>, or <c>metadata[{key}]=value</c>.</summary>
internal static class MetadataQuery
{
    private static readonly QueryParameter Names = Parameter("things");

    /// <summary>Describes the parameter.</summary>
    /// <param name="things">What is listed, in the plural.</param>
    /// <returns>The description.</returns>
    public static QueryParameter Parameter(string things) => new(
        "metadata.{key}",
        "string",
        $"Only {things} whose metadata has these properties with these values: a string, a number as it was written, true, false or null. Written metadata[key]=value or metadata.key=value.");

    /// <summary>Reads the conditions.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The conditions, none where there is no such parameter.</returns>
    /// <exception cref="InvalidRequestException">A key stands there in both ways.</exception>
    public static ImmutableArray<MetadataMatch> Read(HttpRequest request)
    {
        ImmutableArray<MetadataMatch>.Builder matches = ImmutableArray.CreateBuilder<MetadataMatch>();
        foreach ((string name, StringValues values) in request.Query)
        {
            if (Names.FindKey(name) is not { } key)
            {
                continue;
            }

            if (matches.Any(match => match.Name == key))
            {
                throw new InvalidRequestException(name, "This query parameter stands here twice.");
            }

            matches.Add(new MetadataMatch { Name = key, Value = values[0] ?? "" });
        }

        return matches.ToImmutable();
    }
}
