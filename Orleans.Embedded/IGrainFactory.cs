using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. A reference is cheap, calls nothing by itself and stays good when the grain deactivates.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain with the given key.</summary>
    /// <typeparam name="TGrainInterface">The interface to call.</typeparam>
    /// <param name="primaryKey">The key; neither empty nor white space.</param>
    /// <param name="grainClassNamePrefix">Start of the full class name, where several classes implement the interface; else null.</param>
    /// <exception cref="ArgumentException">No class, or more than one, implements the interface.</exception>
    /// <exception cref="NotSupportedException">A method of the interface cannot be called through this host; the message names
    /// it.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to the grain with the given key.</summary>
    /// <param name="grainInterfaceType">The interface to call.</param>
    /// <param name="grainPrimaryKey">The key; neither empty nor white space.</param>
    /// <exception cref="ArgumentException">No class, or more than one, implements the interface.</exception>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    /// <summary>A reference to the grain with the given identity.</summary>
    /// <typeparam name="TGrainInterface">The interface to call.</typeparam>
    /// <param name="grainId">Identity of a grain whose class this host knows.</param>
    /// <exception cref="ArgumentException">No class has the type of <paramref name="grainId"/>, or it does not implement the
    /// interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable;
}
