using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansMemory.Client;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>
/// Whatever the order of the calls that make up a silo, it is the same silo, also when each of them is made twice. The gate tries each call
/// at each place and each two of them both ways round; with <c>ORLEANSMEMORY_GENERATED</c> of 2 or more every order is tried.
/// </summary>
public sealed class RegistrationOrderTests
{
    private static readonly Dictionary<string, Action<ISiloBuilder>> Calls = new(StringComparer.Ordinal)
    {
        ["memory"] = static silo => silo.AddOrleansMemory(),
        ["postgres"] = static silo => silo.UsePostgresStorage(options => options.ConnectionString = "Host=nowhere.invalid"),
        ["in memory"] = static silo => silo.UseInMemoryStorage(),
        ["postgres cluster"] = static silo => silo.UsePostgresClustering(options => options.AdvertisedAddress = "127.0.0.1"),
        ["localhost cluster"] = static silo => silo.UseLocalhostClustering(siloPort: 12_345, gatewayPort: 12_346),
        ["expiry"] = static silo => silo.ConfigureExpiry(options => options.BatchSize = 77),
        ["activations"] = static silo => silo.ConfigureActivations(options => options.IdleTime = TimeSpan.FromMinutes(7)),
        ["client"] = static silo => silo.Services.AddOrleansMemoryClient(),
    };

    /// <summary>The calls, and what the silo is then: membership, reminders, states, ports of silo and gateway.</summary>
    public static TheoryData<string[], string, string, string, int, int> Silos { get; } =
        new()
        {
            {
                ["memory", "postgres", "postgres cluster", "expiry", "client"],
                "ClockedMembershipTable",
                "TranslatedReminderTable",
                "TranslatedGrainStorage",
                11_111,
                0
            },
            {
                ["memory", "postgres", "localhost cluster", "activations"],
                "SystemTargetBasedMembershipTable",
                "TranslatedReminderTable",
                "TranslatedGrainStorage",
                12_345,
                12_346
            },
            {
                ["memory", "postgres", "client"],
                "SystemTargetBasedMembershipTable",
                "TranslatedReminderTable",
                "TranslatedGrainStorage",
                11_111,
                0
            },
            {
                ["memory", "in memory", "expiry", "client"],
                "SystemTargetBasedMembershipTable",
                "InMemoryReminderTable",
                "MemoryGrainStorage",
                11_111,
                0
            },
            {
                ["memory", "in memory", "localhost cluster", "activations"],
                "SystemTargetBasedMembershipTable",
                "InMemoryReminderTable",
                "MemoryGrainStorage",
                12_345,
                12_346
            },
        };

    [Theory]
    [MemberData(nameof(Silos))]
    public void Every_order_of_the_calls_gives_the_same_silo(
        string[] calls,
        string membership,
        string reminders,
        string states,
        int siloPort,
        int gatewayPort
    )
    {
        string expected = $"{membership}, {reminders}, {states}, 127.0.0.1:{siloPort}, {gatewayPort}";
        foreach (string[] order in Orders(calls))
        {
            using IHost host = Build(order, out IServiceCollection services);

            Assert.All(host.Services.GetServices<IConfigurationValidator>(), validator => validator.ValidateConfiguration());
            Assert.Equal((string.Join(" > ", order), expected), (string.Join(" > ", order), Describe(host.Services)));
            Assert.Equal(calls.Contains("expiry") ? 77 : 2_000, Option<ExpiryOptions>(host.Services).BatchSize);
            Assert.Equal(
                TimeSpan.FromMinutes(calls.Contains("activations") ? 7 : 10),
                Option<GrainCollectionOptions>(host.Services).CollectionAge
            );
            Assert.Equal(calls.Contains("client"), host.Services.GetService<ConversationClient>() is not null);
            Assert.Equal(
                StepsOf(calls),
                host.Services.GetServices<IStartupStep>().OrderBy(step => step.Stage).Select(step => step.GetType())
            );
            AssertOnce(services, calls.Contains("postgres"));
        }
    }

    private static IHost Build(string[] order, out IServiceCollection services)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo =>
        {
            // Twice: an application and a library that it uses may both ask for conversations.
            foreach (string call in order.Concat(order))
            {
                Calls[call](silo);
            }
        });
        services = builder.Services;
        return builder.Build();
    }

    private static string Describe(IServiceProvider services)
    {
        EndpointOptions endpoint = Option<EndpointOptions>(services);
        object[] parts =
        [
            services.GetRequiredService<IMembershipTable>(),
            services.GetRequiredService<IReminderTable>(),
            services.GetRequiredKeyedService<IGrainStorage>(GrainStateStorage.Name),
        ];
        return $"{string.Join(", ", parts.Select(part => part.GetType().Name))}, {endpoint.AdvertisedIPAddress}:{endpoint.SiloPort}, {endpoint.GatewayPort}";
    }

    private static Type[] StepsOf(string[] calls) =>
        (calls.Contains("postgres"), calls.Contains("postgres cluster")) switch
        {
            (true, true) =>
            [
                typeof(ProviderPoolStartup),
                typeof(PostgresStoreStartup),
                typeof(LastNote),
                typeof(ClockStart),
                typeof(MemberProof),
            ],
            (true, false) => [typeof(ProviderPoolStartup), typeof(PostgresStoreStartup), typeof(LastNote), typeof(ClockStart)],
            _ => [],
        };

    private static void AssertOnce(IServiceCollection services, bool hasSteps)
    {
        Assert.Single(services, service => service.ServiceType == typeof(IConversationStore));
        Assert.Single(services, service => service.ServiceType == typeof(IFactStore));
        Assert.Single(services, service => service.ServiceType == typeof(IReminderTable));
        Assert.Single(
            services,
            service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, GrainStateStorage.Name)
        );
        Assert.Single(services, service => service.ImplementationType == typeof(StoreSweeper));
        Assert.Equal(hasSteps ? 1 : 0, services.Count(service => service.ImplementationType == typeof(StartupSteps)));
    }

    private static T Option<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static IEnumerable<string[]> Orders(string[] calls) =>
        Generated.Count(1) > 1
            ? Permutations(calls)
            : Enumerable
                .Range(0, calls.Length)
                .Select(i => (string[])[.. calls[i..], .. calls[..i]])
                .SelectMany(order => (string[][])[order, [.. order.Reverse()]]);

    private static IEnumerable<string[]> Permutations(string[] calls) =>
        calls.Length <= 1
            ? [calls]
            : calls.SelectMany(first => Permutations([.. calls.Where(call => call != first)]).Select(rest => (string[])[first, .. rest]));
}
