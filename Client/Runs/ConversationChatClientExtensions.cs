using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>Binds chat clients to conversations.</summary>
public static class ConversationChatClientExtensions
{
    /// <summary>
    /// Gives the chat client that is built a memory: see <see cref="ConversationChatClient"/>. Before <c>UseFunctionInvocation()</c> a run,
    /// with all calls of its tools, is one turn; behind it each call of the model is one.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="client">Where the conversations are; <see langword="null"/> takes the registered one.</param>
    /// <param name="configure">Sets options; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    public static ChatClientBuilder UseConversation(
        this ChatClientBuilder builder,
        ConversationClient? client = null,
        Action<ConversationChatClientOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(
            (inner, services) =>
                inner.WithConversation(
                    client ?? services.GetRequiredService<ConversationClient>(),
                    configure,
                    services.GetService<ILoggerFactory>()
                )
        );
    }

    /// <summary>Gives a chat client a memory: see <see cref="ConversationChatClient"/>.</summary>
    /// <param name="innerClient">What calls the model.</param>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="configure">Sets options; <see langword="null"/> leaves the defaults.</param>
    /// <param name="loggers">Makes the logger; <see langword="null"/> logs nothing.</param>
    /// <returns>The client with a memory. Disposing of it disposes of the inner client.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidRequestException">The tenant or the conversation's id is not valid.</exception>
    public static ConversationChatClient WithConversation(
        this IChatClient innerClient,
        ConversationClient client,
        Action<ConversationChatClientOptions>? configure = null,
        ILoggerFactory? loggers = null
    )
    {
        var options = new ConversationChatClientOptions();
        configure?.Invoke(options);
        return new ConversationChatClient(innerClient, client, options, loggers?.CreateLogger<ConversationChatClient>());
    }
}
