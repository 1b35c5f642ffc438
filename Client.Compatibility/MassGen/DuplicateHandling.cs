namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>What becomes of a message whose id the memory holds already.</summary>
public enum DuplicateHandling
{
    /// <summary>It is left out, silently, as MassGen does.</summary>
    Skip = 0,

    /// <summary>It is added all the same; ids need not be unique.</summary>
    Allow = 1,
}
