namespace Orleans.Configuration;

/// <summary>When idle activations are removed from memory, and how long starting and ending one may take.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often the host looks for idle activations.</summary>
    /// <value>Default 1 minute; more than zero.</value>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an activation must be without requests before it is deactivated.</summary>
    /// <value>Default 15 minutes; more than <see cref="CollectionQuantum"/>.</value>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Collection ages by full class name, in place of <see cref="CollectionAge"/>.</summary>
    /// <value>Default empty; each more than <see cref="CollectionQuantum"/>.</value>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = new(StringComparer.Ordinal);

    /// <summary>After what time the token of <see cref="Grain.OnActivateAsync"/> is signalled and the activation counts as
    /// failed.</summary>
    /// <value>Default 30 seconds; more than zero.</value>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After what time the token of <see cref="Grain.OnDeactivateAsync"/> is signalled and the activation counts as
    /// gone.</summary>
    /// <value>Default 30 seconds; more than zero.</value>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
