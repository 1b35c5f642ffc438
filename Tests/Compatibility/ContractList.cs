using System.Globalization;
using System.Reflection;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>Writes down what silos and clients of different builds must agree on.</summary>
internal static class ContractList
{
    private static readonly Dictionary<Type, string> Short = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(void)] = "void",
    };

    /// <summary>
    /// The list, one line each: grains, interfaces with their methods, types with their members, enumerations with their values.
    /// </summary>
    public static IReadOnlyList<string> Lines()
    {
        var lines = new List<string>();
        lines.AddRange(WireTypes.Grains.Select(grain => $"grain {grain}"));
        foreach (Type contract in WireTypes.Interfaces)
        {
            lines.Add($"interface {WireTypes.Alias(contract)}");
            lines.AddRange(contract.GetMethods().Select(Describe).Order(StringComparer.Ordinal));
        }

        foreach (Type type in WireTypes.All.Where(type => !type.IsEnum))
        {
            lines.Add($"type {WireTypes.Alias(type)}{(IsPlain(type.BaseType) ? "" : $" : {Name(type.BaseType!)}")}");
            lines.AddRange(
                WireMember
                    .Of(type)
                    .Where(member => member.Field.DeclaringType == type)
                    .Select(member => $"  {member.Key} {member.Name} {Name(member.Type)}")
            );
        }

        foreach (Type choice in Enumerations())
        {
            lines.Add($"enum {WireTypes.Alias(choice)} : {Name(choice.GetEnumUnderlyingType())}");
            lines.AddRange(
                choice
                    .GetFields(BindingFlags.Public | BindingFlags.Static)
                    .Select(field => string.Create(CultureInfo.InvariantCulture, $"  {field.GetRawConstantValue()} {field.Name}"))
            );
        }

        return lines;
    }

    /// <summary>Our types that parameters and results of calls name although nothing writes them.</summary>
    public static IEnumerable<string> Unwritable() =>
        WireTypes
            .Interfaces.SelectMany(contract => contract.GetMethods())
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
            .SelectMany(Parts)
            .Where(type => type.Assembly.Equals(typeof(IConversationGrain).Assembly) && !type.IsEnum && !WireTypes.IsOurs(type))
            .Select(type => type.FullName!)
            .Distinct();

    private static IEnumerable<Type> Enumerations() =>
        WireTypes
            .All.SelectMany(type => WireMember.Of(type).Select(member => member.Type).Append(type))
            .Concat(
                WireTypes
                    .Interfaces.SelectMany(contract => contract.GetMethods())
                    .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType))
            )
            .SelectMany(Parts)
            .Where(type => type.IsEnum)
            .Distinct()
            .OrderBy(WireTypes.Alias, StringComparer.Ordinal);

    private static string Describe(MethodInfo method)
    {
        IEnumerable<string> parameters = method
            .GetParameters()
            .Where(parameter => parameter.ParameterType != typeof(CancellationToken))
            .Select(parameter => Name(parameter.ParameterType));
        return $"  {WireTypes.Alias(method)}({string.Join(", ", parameters)}) {Name(method.ReturnType)}";
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts)
        : type.IsArray ? Parts(type.GetElementType()!)
        : [type];

    private static bool IsPlain(Type? type) => type is null || type == typeof(object) || type == typeof(ValueType);

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Name(inner) + "?";
        }

        if (type.IsGenericType)
        {
            return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
        }

        return Short.GetValueOrDefault(type) ?? (WireTypes.IsOurs(type) || type.IsEnum ? WireTypes.Alias(type) : type.Name);
    }
}
