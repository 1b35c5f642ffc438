using System.Reflection;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Conversations;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>What crosses the border of a silo, found by looking: no one has to remember to add a new type.</summary>
internal static class WireTypes
{
    /// <summary>Every type that is written: contracts, and the states of grains.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        .. Sources()
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            .OrderBy(Alias, StringComparer.Ordinal),
    ];

    /// <summary>Every type of which there are values.</summary>
    public static IEnumerable<Type> Concrete => All.Where(type => !type.IsAbstract);

    /// <summary>The interfaces of grains.</summary>
    public static IReadOnlyList<Type> Interfaces { get; } =
    [.. Sources().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).OrderBy(Alias, StringComparer.Ordinal)];

    /// <summary>The names under which grains are found, and under which their reminders and states are kept.</summary>
    public static IEnumerable<string> Grains =>
        Sources()
            .SelectMany(type => type.GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(GrainTypeAttribute)))
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value!)
            .Order(StringComparer.Ordinal);

    /// <summary>Whether values of this type are written by a serializer of ours.</summary>
    public static bool IsOurs(Type type) => All.Contains(type);

    /// <summary>The name that a type or a method has outside; without an alias its own.</summary>
    public static string Alias(MemberInfo member) =>
        member.GetCustomAttributes<AliasAttribute>().FirstOrDefault()?.Alias ?? (member is Type type ? type.FullName! : member.Name);

    private static IEnumerable<Type> Sources() =>
        typeof(IConversationGrain)
            .Assembly.GetTypes()
            .Concat(typeof(ConversationOptions).Assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("OrleansMemory", StringComparison.Ordinal) == true);
}
