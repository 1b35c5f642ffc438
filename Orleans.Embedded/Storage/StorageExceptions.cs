using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A state was not stored, because another version of it was stored meanwhile. The activation ends: what it holds is out of date.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    /// <summary>Another version was stored meanwhile.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Another version was stored meanwhile.</summary>
    /// <param name="message">What was to be done.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Another version was stored meanwhile.</summary>
    /// <param name="message">What was to be done.</param>
    /// <param name="innerException">The cause.</param>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>Another version was stored meanwhile.</summary>
    /// <param name="errorMsg">What was to be done.</param>
    /// <param name="storedEtag">The version that is stored.</param>
    /// <param name="currentEtag">The version that the grain has.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : base(errorMsg)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version that is stored; null when it is not known.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The version that the grain has.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }
}

/// <summary>A grain asks for a storage that was not added.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    /// <summary>There is no such storage.</summary>
    public BadProviderConfigException()
    {
    }

    /// <summary>There is no such storage.</summary>
    /// <param name="msg">Which one.</param>
    public BadProviderConfigException(string msg)
        : base(msg)
    {
    }

    /// <summary>There is no such storage.</summary>
    /// <param name="msg">Which one.</param>
    /// <param name="exc">The cause.</param>
    public BadProviderConfigException(string msg, Exception exc)
        : base(msg, exc)
    {
    }
}
