using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Says in one line why a start failed, where that is nothing in the program.</summary>
internal static class StartFailure
{
    private const string RuleStart = "with the error: '";
    private const string RuleEnd = "'.";

    /// <summary>Describes a failure.</summary>
    /// <param name="failure">What the start threw.</param>
    /// <returns>
    /// One line that names what is wrong and what would be right; <see langword="null"/> for a fault of the program, whose stack is wanted.
    /// </returns>
    public static string? Describe(Exception failure) =>
        Causes(failure).Select(Name).FirstOrDefault(line => line is not null) is { } known
            ? string.Join(' ', SiloSections.NameSettings(known).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : null;

    private static string? Name(Exception failure) =>
        failure switch
        {
            SettingException or LocalPostgresException or DatabaseStartException or SchemaMismatchException => failure.Message,
            OrleansConfigurationException => failure.Message,
            OrleansClusterConnectivityCheckFailedException => failure.Message
                + ". Their silo ports must be reachable from here, and where their ports want certificates, OrleansMemory:Cluster:Tls must give this silo one of their authority.",
            OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(Rule)),
            InvalidDataException => failure.Message + " It must be valid JSON.",
            IOException { InnerException: AddressInUseException } => failure.Message
                + " Set urls (--urls, ASPNETCORE_URLS) to a free address.",
            OperationCanceledException => "The start was interrupted.",
            _ => null,
        };

    // Data annotations put the class and the member, which the rule names anyhow, before it.
    private static string Rule(string failure)
    {
        int start = failure.IndexOf(RuleStart, StringComparison.Ordinal);
        return start < 0 || !failure.EndsWith(RuleEnd, StringComparison.Ordinal)
            ? failure
            : failure[(start + RuleStart.Length)..^RuleEnd.Length];
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        IEnumerable<Exception> inner =
            failure is AggregateException several ? several.InnerExceptions
            : failure.InnerException is { } one ? [one]
            : [];
        return inner.SelectMany(Causes).Prepend(failure);
    }
}
