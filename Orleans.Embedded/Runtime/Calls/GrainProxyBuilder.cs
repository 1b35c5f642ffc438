using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Calls;

/// <summary>Generates the reference class of one grain interface, and one call class per method that holds the arguments.</summary>
/// <remarks>
/// For <c>Task&lt;int&gt; AddAsync(int n)</c> it writes <c>class Call : TaskCall&lt;int&gt; { int n; Call(grain)
/// => ((I)grain).AddAsync(n); }</c>
/// and <c>AddAsync(n) => Send(new Call { n = n }, method)</c>.
/// </remarks>
internal sealed class GrainProxyBuilder
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private readonly Type _interface;
    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly TypeBuilder _proxy;
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private readonly List<(string Field, GrainMethod Method)> _descriptions = [];

    internal GrainProxyBuilder(Type grainInterface)
    {
        _interface = grainInterface;
        var name = new AssemblyName($"Orleans.Embedded.Proxy.{grainInterface.FullName}");
        _assembly = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);
        _module = _assembly.DefineDynamicModule("proxy");
        _proxy = _module.DefineType("Reference", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [grainInterface]);
    }

    internal Type Build()
    {
        Open(typeof(GrainReference));
        Open(_interface);
        AddConstructor();
        var index = 0;
        foreach (var method in MethodsOf(_interface)) AddMethod(GrainMethodShape.Of(method), index++);
        var type = _proxy.CreateType();
        foreach (var (field, method) in _descriptions) type.GetField(field)!.SetValue(null, method);
        return type;
    }

    private static IEnumerable<MethodInfo> MethodsOf(Type grainInterface) => grainInterface.GetInterfaces().Prepend(grainInterface)
        .SelectMany(static part => part.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        .Where(static method => method.IsVirtual);

    private void AddConstructor()
    {
        var parameters = new[] { typeof(GrainClass), typeof(string) };
        var il = _proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Hidden, parameters)!);
        il.Emit(OpCodes.Ret);
    }

    private void AddMethod(GrainMethodShape shape, int index)
    {
        var method = shape.Method;
        var types = method.GetParameters().Select(static parameter => parameter.ParameterType).ToArray();
        foreach (var type in types.Append(method.ReturnType)) Open(type);
        var call = AddCall(shape, index, types, out var arguments);

        var description = _proxy.DefineField($"Method{index}", typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        _descriptions.Add((description.Name, shape.Describe()));

        const MethodAttributes attributes = MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final
            | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        var sender = _proxy.DefineMethod($"{method.Name}{index}", attributes, method.ReturnType, types);
        var il = sender.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call);
        for (var i = 0; i < types.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (arguments[i] is { } field) il.Emit(OpCodes.Stfld, field);
            else il.Emit(OpCodes.Call, shape.Token.SetMethod!);
        }

        il.Emit(OpCodes.Ldsfld, description);
        il.Emit(OpCodes.Call, shape.Sender);
        il.Emit(OpCodes.Ret);
        _proxy.DefineMethodOverride(sender, method);
    }

    // Fields hold the arguments; the token, which the host watches too, has its place in the base class.
    private ConstructorBuilder AddCall(GrainMethodShape shape, int index, Type[] types, out FieldInfo?[] arguments)
    {
        var call = _module.DefineType($"Call{index}", TypeAttributes.Public | TypeAttributes.Sealed, shape.CallType);
        var fields = types
            .Select((type, i) => type == typeof(CancellationToken) ? null : call.DefineField($"argument{i}", type, FieldAttributes.Public))
            .ToArray();
        var target = shape.Invoker;
        var parameters = target.GetParameters().Select(static parameter => parameter.ParameterType).ToArray();
        const MethodAttributes attributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;
        var body = call.DefineMethod(target.Name, attributes, target.ReturnType, parameters);
        var il = body.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, shape.Method.DeclaringType!);
        foreach (var field in fields)
        {
            var tokenIsParameter = field is null && parameters.Length == 2;
            il.Emit(tokenIsParameter ? OpCodes.Ldarg_2 : OpCodes.Ldarg_0);
            if (field is not null) il.Emit(OpCodes.Ldfld, field);
            else if (!tokenIsParameter) il.Emit(OpCodes.Call, shape.Token.GetMethod!);
        }

        il.Emit(OpCodes.Callvirt, shape.Method);
        il.Emit(OpCodes.Ret);
        call.DefineMethodOverride(body, target);
        var constructor = call.DefineDefaultConstructor(MethodAttributes.Public);
        call.CreateType();
        arguments = fields;
        return constructor;
    }

    // Interfaces and payloads may be internal to their assemblies; the runtime honours this attribute for generated code.
    private void Open(Type type)
    {
        foreach (var argument in type.GetGenericArguments()) Open(argument);
        if (type.HasElementType) Open(type.GetElementType()!);
        var name = type.Assembly.GetName().Name!;
        if (!_opened.Add(name)) return;
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        _assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [name]));
    }
}
