using Microsoft.Extensions.Hosting;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>
/// Loads the model when the application starts, so that a model that cannot be used ends the start and not the first question.
/// </summary>
/// <param name="generator">It is loaded when it is made.</param>
internal sealed class LocalEmbeddingStart(LocalEmbeddingGenerator generator) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        GC.KeepAlive(generator);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
