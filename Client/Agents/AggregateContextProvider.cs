using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>
/// Several context providers as one. Each hook runs in all of them at the same time; what they add is put together in their order: instructions one right behind
/// the other, without a separator, then messages, then tools.
/// </summary>
/// <remarks>
/// Ports Agent Framework's <c>AggregateContextProvider</c>. When providers throw, all of them are waited for, and what the first of them in their order threw is
/// thrown. A list that was given is copied, where Agent Framework goes on working with the caller's.
/// </remarks>
public sealed class AggregateContextProvider : ContextProvider, IAsyncDisposable
{
    private ImmutableArray<ContextProvider> _providers;
    private int _disposed;

    /// <summary>Makes an aggregate of none.</summary>
    public AggregateContextProvider() => _providers = [];

    /// <summary>Makes an aggregate of one.</summary>
    /// <param name="provider">The provider.</param>
    public AggregateContextProvider(ContextProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _providers = [provider];
    }

    /// <summary>Makes an aggregate of several.</summary>
    /// <param name="providers">The providers, in order; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public AggregateContextProvider(IEnumerable<ContextProvider>? providers)
    {
        _providers = providers is null ? [] : [.. providers];
        if (_providers.Contains(null!))
        {
            throw new ArgumentException("A provider is null.", nameof(providers));
        }
    }

    /// <summary>The providers, in order.</summary>
    public IReadOnlyList<ContextProvider> Providers => _providers;

    /// <summary>Adds a provider, behind the others. Runs that have begun go on without it.</summary>
    /// <param name="provider">The provider.</param>
    public void Add(ContextProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ImmutableInterlocked.Update(ref _providers, static (all, added) => all.Add(added), provider);
    }

    /// <inheritdoc />
    public override async ValueTask ThreadCreatedAsync(string? threadId, CancellationToken cancellationToken = default) =>
        await AllAsync(provider => Done(provider.ThreadCreatedAsync(threadId, cancellationToken)));

    /// <inheritdoc />
    public override async ValueTask<Context> InvokingAsync(
        IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        Context[] contexts = await AllAsync(provider => provider.InvokingAsync(messages, cancellationToken));
        return new Context
        {
            Instructions = string.Concat(contexts.Select(context => context.Instructions)),
            Messages = [.. contexts.SelectMany(context => context.Messages)],
            Tools = [.. contexts.SelectMany(context => context.Tools)],
        };
    }

    /// <inheritdoc />
    public override async ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default) =>
        await AllAsync(provider => Done(provider.InvokedAsync(requestMessages, responseMessages, invokeException, cancellationToken)));

    /// <summary>Disposes of the providers, the last one first. All of them are, also when one throws; then the first error is thrown.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        ExceptionDispatchInfo? first = null;
        foreach (ContextProvider provider in _providers.Reverse())
        {
            try
            {
                await DisposeAsync(provider);
            }
            catch (Exception failure)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        first?.Throw();
    }

    private static async Task DisposeAsync(ContextProvider provider)
    {
        if (provider is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (provider as IDisposable)?.Dispose();
        }
    }

    private async Task<T[]> AllAsync<T>(Func<ContextProvider, ValueTask<T>> hook)
    {
        Task<T>[] running = [.. _providers.Select(provider => StartAsync(hook, provider))];
        await Task.WhenAll((IEnumerable<Task>)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        // In the order of the providers, whichever was the first to fail.
        var results = new T[running.Length];
        for (int i = 0; i < running.Length; i++)
        {
            results[i] = await running[i];
        }

        return results;
    }

    /// <summary>Makes a task also of what a hook throws before it first waits.</summary>
    private static async Task<T> StartAsync<T>(Func<ContextProvider, ValueTask<T>> hook, ContextProvider provider) => await hook(provider);

    private static async ValueTask<bool> Done(ValueTask hook)
    {
        await hook;
        return true;
    }
}
