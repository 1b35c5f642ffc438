using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Storage;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage.Postgres.Clustering;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>
/// Whatever is asked of Orleans' providers for reminders, states and members, a database that is away is an error of ours: a raw one cannot
/// be read by the silo that called, which then sees a missing codec.
/// </summary>
public sealed class TranslatedProviderTests
{
    public static TheoryData<Type, string> Operations =>
        [
            .. new[] { typeof(IReminderTable), typeof(IGrainStorage), typeof(IMembershipTable) }
                .SelectMany(provider =>
                    provider
                        .GetMethods()
                        .Where(method =>
                            method.ReturnType.IsAssignableTo(typeof(Task)) && method.GetCustomAttribute<ObsoleteAttribute>() is null
                        )
                )
                .Select(method => (method.DeclaringType!, method.ToString()!)),
        ];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_database_that_is_away_is_told_as_an_error_of_ours(Type provider, string operation)
    {
        object decorated =
            provider == typeof(IReminderTable)
                ? new TranslatedReminderTable(DispatchProxy.Create<IReminderTable, Away>(), NullLogger<TranslatedReminderTable>.Instance)
            : provider == typeof(IMembershipTable)
                ? new ClockedMembershipTable(
                    DispatchProxy.Create<IMembershipTable, Away>(),
                    new DatabaseTime(TimeProvider.System),
                    Options.Create(new ClockOptions()),
                    NullLogger<ClockedMembershipTable>.Instance
                )
            : new TranslatedGrainStorage(DispatchProxy.Create<IGrainStorage, Away>(), NullLogger<TranslatedGrainStorage>.Instance);
        MethodInfo method = provider.GetMethods().Single(candidate => candidate.ToString() == operation);
        method = method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(string)) : method;

        var asked = (Task)
            method.Invoke(
                decorated,
                [
                    .. method
                        .GetParameters()
                        .Select(parameter =>
                            parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null
                        ),
                ]
            )!;

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => asked);
    }

    /// <summary>A provider whose database cannot be reached.</summary>
    public class Away : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var failure = new NpgsqlException("away", new SocketException((int)SocketError.ConnectionRefused));
            Type result = targetMethod!.ReturnType;
            return result == typeof(Task)
                ? Task.FromException(failure)
                : typeof(Task)
                    .GetMethods()
                    .Single(method => method is { Name: nameof(Task.FromException), IsGenericMethod: true })
                    .MakeGenericMethod(result.GetGenericArguments())
                    .Invoke(null, [failure]);
        }
    }
}
