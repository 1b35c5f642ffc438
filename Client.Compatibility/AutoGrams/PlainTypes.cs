using System.Collections;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// Knows the values that any program may keep without saying so: numbers of every kind, truth values, texts, characters, dates and times,
/// durations, enumerations, ids, addresses, bytes, and arrays, lists, sets and maps of those and of each other. The type is the caller's,
/// never one that the data names.
/// </summary>
internal sealed class PlainTypes : IJsonTypeInfoResolver
{
    private static readonly HashSet<Type> Scalars =
    [
        typeof(bool),
        typeof(byte),
        typeof(sbyte),
        typeof(short),
        typeof(ushort),
        typeof(int),
        typeof(uint),
        typeof(long),
        typeof(ulong),
        typeof(Int128),
        typeof(UInt128),
        typeof(BigInteger),
        typeof(Half),
        typeof(float),
        typeof(double),
        typeof(decimal),
        typeof(char),
        typeof(string),
        typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(TimeSpan),
        typeof(Guid),
        typeof(Uri),
        typeof(Version),
        typeof(JsonElement),
        typeof(JsonDocument),
        typeof(object),
        typeof(Memory<byte>),
        typeof(ReadOnlyMemory<byte>),
    ];

    private readonly DefaultJsonTypeInfoResolver _types = new();

    private PlainTypes() { }

    /// <summary>The only one.</summary>
    public static PlainTypes Instance { get; } = new();

    /// <inheritdoc />
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => IsPlain(type) ? _types.GetTypeInfo(type, options) : null;

    private static bool IsPlain(Type type)
    {
        if (Scalars.Contains(type) || type.IsEnum)
        {
            return true;
        }

        if (type.IsArray)
        {
            return type.GetArrayRank() == 1 && IsPlain(type.GetElementType()!);
        }

        if (type.IsGenericType && type.Assembly.GetName().Name is { } assembly && assembly.StartsWith("System.", StringComparison.Ordinal))
        {
            return (typeof(IEnumerable).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(Nullable<>))
                && !IsStack(type)
                && type.GetGenericArguments().All(IsPlain);
        }

        return typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(type);
    }

    /// <summary>A stack is written from its top on and would come back upside down.</summary>
    private static bool IsStack(Type type) =>
        type.GetGenericTypeDefinition() is { } definition
        && (
            definition == typeof(Stack<>)
            || definition == typeof(System.Collections.Concurrent.ConcurrentStack<>)
            || definition == typeof(System.Collections.Immutable.ImmutableStack<>)
        );
}
