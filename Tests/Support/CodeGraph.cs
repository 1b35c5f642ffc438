using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace OrleansMemory.Tests.Support;

/// <summary>Which methods the compiled code of an assembly calls, or makes delegates of.</summary>
internal sealed class CodeGraph(Assembly assembly)
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private readonly Type[] _types = assembly.GetTypes();

    /// <summary>Every method and constructor of the assembly.</summary>
    public IEnumerable<MethodBase> Methods => _types.SelectMany(type => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)));

    /// <summary>Whether two methods are the same, whatever type arguments they have.</summary>
    public static bool IsSame(MethodBase one, MethodBase other) => one.MetadataToken == other.MetadataToken && one.Module == other.Module;

    /// <summary>How a method was reached.</summary>
    public static IEnumerable<string> PathTo(MethodBase method, IReadOnlyDictionary<MethodBase, MethodBase?> reached)
    {
        for (MethodBase? at = method; at is not null; at = reached[at])
        {
            yield return $"{at.DeclaringType?.Name}.{at.Name}";
        }
    }

    /// <summary>What a method calls, makes or makes a delegate of.</summary>
    public static IEnumerable<MethodBase> CallsOf(MethodBase method) => Operands(method).Select(operand => operand.Method);

    /// <summary>What a method makes delegates of.</summary>
    public static IEnumerable<MethodBase> DelegatesOf(MethodBase method) =>
        Operands(method)
            .Where(operand => operand.Code == OpCodes.Ldftn || operand.Code == OpCodes.Ldvirtftn)
            .Select(operand => operand.Method);

    /// <summary>Everything that may run when the given methods do, and from where it was reached first.</summary>
    public IReadOnlyDictionary<MethodBase, MethodBase?> ReachedFrom(IEnumerable<MethodBase> starts)
    {
        var reached = new Dictionary<MethodBase, MethodBase?>();
        var open = new Queue<MethodBase>();
        foreach (MethodBase start in starts)
        {
            Add(start, null);
        }

        while (open.TryDequeue(out MethodBase? method))
        {
            foreach (MethodBase next in Next(method))
            {
                Add(next, method);
            }
        }

        return reached;

        void Add(MethodBase method, MethodBase? from)
        {
            MethodBase known = Definition(method);
            if (reached.TryAdd(known, from is null ? null : Definition(from)))
            {
                open.Enqueue(known);
            }
        }
    }

    private IEnumerable<MethodBase> Next(MethodBase method)
    {
        if (method.Module.Assembly != assembly)
        {
            return [];
        }

        IEnumerable<MethodBase> machine = method.GetCustomAttribute<StateMachineAttribute>() is { } attribute
            ? attribute.StateMachineType.GetMethods(All).Where(part => part.Name.EndsWith("MoveNext", StringComparison.Ordinal))
            : [];
        return CallsOf(method).Concat(machine).Concat(ImplementationsOf(method));
    }

    private IEnumerable<MethodBase> ImplementationsOf(MethodBase method)
    {
        if (!method.IsVirtual || method.IsFinal)
        {
            yield break;
        }

        foreach (
            Type type in _types.Where(type =>
                type is { IsInterface: false, ContainsGenericParameters: false } && type != method.DeclaringType
            )
        )
        {
            if (method.DeclaringType!.IsInterface)
            {
                if (!method.DeclaringType.ContainsGenericParameters && method.DeclaringType.IsAssignableFrom(type))
                {
                    InterfaceMapping map = type.GetInterfaceMap(method.DeclaringType);
                    int at = Array.FindIndex(map.InterfaceMethods, declared => IsSame(declared, method));
                    if (at >= 0 && map.TargetMethods[at] is { } target)
                    {
                        yield return target;
                    }
                }
            }
            else if (type.IsSubclassOf(method.DeclaringType))
            {
                foreach (MethodInfo own in type.GetMethods(All).Where(own => own.IsVirtual && IsSame(own.GetBaseDefinition(), method)))
                {
                    yield return own;
                }
            }
        }
    }

    private static MethodBase Definition(MethodBase method) =>
        method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : method;

    private static List<(OpCode Code, MethodBase Method)> Operands(MethodBase method)
    {
        var operands = new List<(OpCode, MethodBase)>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
        {
            return operands;
        }

        for (int at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE)
            {
                value = (short)(0xFE00 | il[at++]);
            }

            OpCode code = Codes[value];
            if (
                code.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                && Resolve(method, BitConverter.ToInt32(il, at)) is { } called
            )
            {
                operands.Add((code, called));
            }

            at += SizeOf(code.OperandType, il, at);
        }

        return operands;
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        Type[]? types = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        Type[]? arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, types, arguments) as MethodBase;
    }

    private static int SizeOf(OperandType type, byte[] il, int at) =>
        type switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
            _ => 4,
        };
}
