using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api;

/// <summary>The conditions on metadata in a query string: <c>metadata.{key}=value</c>.</summary>
internal static class MetadataQuery
{
    private const string Prefix = "metadata.";

    /// <summary>Describes the parameter.</summary>
    /// <param name="things">What is listed, in the plural.</param>
    /// <returns>The description.</returns>
    public static QueryParameter Parameter(string things) => new(
        Prefix + "{key}",
        "string",
        $"Only {things} whose metadata has this property with this value: a string, a number as it was written, true, false or null. May be given for several keys.");

    /// <summary>Reads the conditions.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The conditions, none where there is no such parameter.</returns>
    public static ImmutableArray<MetadataMatch> Read(HttpRequest request)
    {
        ImmutableArray<MetadataMatch>.Builder matches = ImmutableArray.CreateBuilder<MetadataMatch>();
        foreach ((string name, StringValues values) in request.Query)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                matches.Add(new MetadataMatch { Name = name[Prefix.Length..], Value = values[0] ?? "" });
            }
        }

        return matches.ToImmutable();
    }
}
