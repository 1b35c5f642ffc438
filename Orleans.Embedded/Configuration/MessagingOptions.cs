using System.Diagnostics;

namespace Orleans.Configuration;

/// <summary>Settings of grain calls.</summary>
public abstract class MessagingOptions
{
    private TimeSpan _responseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits for an answer before it receives a <see cref="TimeoutException"/>. The call itself goes
    /// on.</summary>
    /// <value>Default 30 seconds; more than zero. Under a debugger <see cref="ResponseTimeoutWithDebugger"/> holds instead.</value>
    public TimeSpan ResponseTimeout
    {
        get => Debugger.IsAttached ? ResponseTimeoutWithDebugger : _responseTimeout;
        set => _responseTimeout = value;
    }

    /// <summary>The response time-out while a debugger is attached.</summary>
    /// <value>Default 30 minutes.</value>
    public TimeSpan ResponseTimeoutWithDebugger { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a request that is still queued when its caller has stopped waiting is dropped instead of run.</summary>
    /// <value>Default true.</value>
    public bool DropExpiredMessages { get; set; } = true;
}

/// <summary>Settings of the calls made within a host, by its grains and by the client it provides.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>Settings of an external client. The embedded host has none: its client follows <see cref="SiloMessagingOptions"/>.</summary>
public class ClientMessagingOptions : MessagingOptions;
