using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of all grain interfaces.</summary>
public interface IGrain : IAddressable;

/// <summary>Base of the interfaces of grains that are named by a string.</summary>
public interface IGrainWithStringKey : IGrain;
