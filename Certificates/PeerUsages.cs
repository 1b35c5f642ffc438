namespace OrleansMemory.Certificates;

/// <summary>What a certificate must be allowed for, by its extended key usages.</summary>
[Flags]
internal enum PeerUsages
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Client authentication, 1.3.6.1.5.5.7.3.2.</summary>
    Client = 1,

    /// <summary>Server authentication, 1.3.6.1.5.5.7.3.1.</summary>
    Server = 2,

    /// <summary>Both: a silo calls and is called.</summary>
    Silo = Client | Server,
}
