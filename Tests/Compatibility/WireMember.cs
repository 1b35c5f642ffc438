using System.Reflection;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>One member that is written when a value leaves its process.</summary>
/// <param name="Key">Its id; for an inherited one, behind the name of the type that declares it.</param>
/// <param name="Field">Where it is kept.</param>
internal sealed record WireMember(string Key, string Name, Type Type, FieldInfo Field)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The members of a type with their ids, those of its bases first.</summary>
    public static IReadOnlyList<WireMember> Of(Type type)
    {
        var members = new List<WireMember>();
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            string prefix = level == type ? "" : level.Name + ".";
            members.InsertRange(
                0,
                level
                    .GetProperties(Declared)
                    .Cast<MemberInfo>()
                    .Concat(level.GetFields(Declared))
                    .Select(member => (Member: member, member.GetCustomAttribute<IdAttribute>()?.Id))
                    .Where(found => found.Id is not null)
                    .OrderBy(found => found.Id)
                    .Select(found => Make(level, found.Member, FormattableString.Invariant($"{prefix}{found.Id}")))
            );
        }

        return members;
    }

    private static WireMember Make(Type level, MemberInfo member, string key)
    {
        FieldInfo field =
            member as FieldInfo
            ?? level.GetField($"<{member.Name}>k__BackingField", Declared)
            ?? throw new InvalidOperationException($"{level}.{member.Name} has an [Id] but no field of its own.");
        return new WireMember(key, member.Name, field.FieldType, field);
    }
}
