namespace Orleans;

/// <summary>The kinds of reasons for which an activation ends.</summary>
[GenerateSerializer]
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason was given.</summary>
    None,

    /// <summary>The host is stopping.</summary>
    ShuttingDown,

    /// <summary>The activation could not be made ready.</summary>
    ActivationFailed,

    /// <summary>The grain directory failed. Not raised by the embedded host.</summary>
    DirectoryFailure,

    /// <summary>The grain was not called for longer than the collection age.</summary>
    ActivationIdle,

    /// <summary>The activation no longer answers. Not raised by the embedded host.</summary>
    ActivationUnresponsive,

    /// <summary>Another activation of the same grain exists. Not raised by the embedded host.</summary>
    DuplicateActivation,

    /// <summary>A request asked for an incompatible interface version. Not raised by the embedded host.</summary>
    IncompatibleRequest,

    /// <summary>The application reported an error.</summary>
    ApplicationError,

    /// <summary>The application asked for it.</summary>
    ApplicationRequested,

    /// <summary>The activation moves to another host. Not raised by the embedded host.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory is short. Not raised by the embedded host.</summary>
    HighMemoryPressure,
}
