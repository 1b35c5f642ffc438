using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Auditing;

/// <summary>Writes down what is done, before it is done, so that no row is missing after it.</summary>
/// <param name="services">Where the store is found, once it is open.</param>
/// <param name="timeProvider">The clock of conversations.</param>
/// <param name="logger">Is told where an end could not be written down.</param>
internal sealed partial class AuditTrail(
    IServiceProvider services,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<AuditTrail> logger
)
{
    private readonly ILogger _logger = logger;

    private IAuditStore Store => services.GetRequiredService<IAuditStore>();

    /// <summary>Does something that is written down. Where its beginning cannot be written down, it is not done.</summary>
    /// <param name="note">What it is; the actor is who calls in the current flow.</param>
    /// <param name="counts">How much it was.</param>
    /// <returns>What it gave.</returns>
    public async Task<T> RunAsync<T>(AuditAction note, Func<Task<T>> work, Func<T, AuditCounts> counts)
    {
        long id = await BeginAsync(note);
        T result = await work();
        await CompleteAsync(id, counts(result));
        return result;
    }

    /// <summary>Writes down that something begins.</summary>
    /// <returns>The row.</returns>
    public Task<long> BeginAsync(AuditAction note) =>
        Store.BeginAsync(
            new AuditNote(note.Tenant, note.Action, AuditActor.Current, note.Subject, timeProvider.Now()),
            CancellationToken.None
        );

    /// <summary>Writes down how it ended. Where that fails, the row stays without an end.</summary>
    /// <param name="counts">How much it was.</param>
    /// <returns>A task that ends when it is written down, or given up.</returns>
    public async Task CompleteAsync(long id, AuditCounts counts)
    {
        try
        {
            await Store.CompleteAsync(id, timeProvider.Now(), counts.ToJson(), CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotCompleted(exception.GetType().Name);
        }
    }

    [LoggerMessage(
        EventIds.AuditNotCompleted,
        LogLevel.Warning,
        "A row of the audit trail could not be given its counts ({ErrorType}); it stays without an end"
    )]
    private partial void LogNotCompleted(string errorType);
}

/// <summary>What is about to be done.</summary>
/// <param name="Tenant">Whose data.</param>
/// <param name="Action">See <see cref="AuditActions"/>.</param>
/// <param name="Subject">The id that it is about; <see langword="null"/> for none.</param>
internal sealed record AuditAction(string Tenant, string Action, AuditSubject? Subject = null);
