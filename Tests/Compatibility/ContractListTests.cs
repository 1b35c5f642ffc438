using System.Reflection;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>
/// The names, ids and shapes on which silos and clients of different builds must agree are a checked-in list: who changes one sees it in
/// the diff.
/// </summary>
public sealed class ContractListTests
{
    private const string Switch = "ORLEANSMEMORY_RECORD_CONTRACTS";

    private static readonly string List = Checkout.PathOf("Tests/Compatibility/contracts.txt");

    [Fact]
    public void Contracts_are_those_of_the_list()
    {
        IReadOnlyList<string> actual = ContractList.Lines();
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllLines(List, actual);
        }

        string[] expected = File.ReadAllLines(List);
        string[] differences =
        [
            .. expected.Except(actual).Select(line => "- " + line),
            .. actual.Except(expected).Select(line => "+ " + line),
        ];
        Assert.True(
            expected.SequenceEqual(actual),
            $"Contracts differ from Tests/Compatibility/contracts.txt. What is new may be added: run this test with {Switch}=1 and read the diff. What was there "
                + $"must stay: a silo of the last build still sends it.\n{string.Join('\n', differences)}"
        );
    }

    [Fact]
    public void Everything_that_calls_carry_can_be_written() => Assert.Empty(ContractList.Unwritable());

    [Fact]
    public void Everything_that_is_written_has_a_name_that_survives_a_renaming()
    {
        Assert.DoesNotContain(WireTypes.All, type => !type.IsDefined(typeof(AliasAttribute), inherit: false));
        Assert.DoesNotContain(WireTypes.Interfaces, contract => !contract.IsDefined(typeof(AliasAttribute), inherit: false));
        Assert.DoesNotContain(
            WireTypes.Interfaces.SelectMany(contract => contract.GetMethods()),
            method => !method.IsDefined(typeof(AliasAttribute), inherit: false)
        );
    }

    [Fact]
    public void Nothing_of_what_is_written_stays_behind() =>
        Assert.Empty(
            WireTypes
                .All.Where(type => !type.IsEnum)
                .SelectMany(type =>
                    type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        .Except(WireMember.Of(type).Select(member => member.Field))
                )
                .Select(field => $"{field.DeclaringType}.{field.Name} has no [Id]")
        );

    [Fact]
    public void No_id_and_no_name_is_given_twice()
    {
        string[] names = [.. WireTypes.All.Concat(WireTypes.Interfaces).Select(WireTypes.Alias)];
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        Assert.All(WireTypes.All, type => Assert.Distinct(WireMember.Of(type).Select(member => member.Key)));
        Assert.All(WireTypes.Interfaces, contract => Assert.Distinct(contract.GetMethods().Select(WireTypes.Alias)));
    }
}
