package dev.crossfade.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DataSetTest {
  private static final int CUSTOMERS = 20_000;

  private final DataSet data = new DataSet(1, CUSTOMERS, 40_000);

  @Test
  void aSeedGivesTheSameBytesOnEveryMachineAndEveryDay() throws NoSuchAlgorithmException {
    assertThat(digest(data)).isEqualTo("ef9ae9b816c9cb67");
  }

  @Test
  void anotherSeedGivesOtherRows() {
    DataSet other = new DataSet(2, CUSTOMERS, 40_000);
    assertThat(customers(other)).isNotEqualTo(customers(data));
    assertThat(other.order(7)).isNotEqualTo(data.order(7));
  }

  @Test
  void aRowDoesNotDependOnHowManyOthersThereAre() {
    assertThat(new DataSet(1, CUSTOMERS, 10).order(7)).isEqualTo(data.order(7));
    assertThat(new DataSet(1, 10, 10).customer(7)).isEqualTo(data.customer(7));
  }

  @Test
  void everyOddValueOccurs() {
    List<Customer> all = customers(data);
    assertThat(all).extracting(Customer::fullName).contains(Words.ODD_NAMES).containsNull();
    assertThat(all).extracting(Customer::email).contains(Words.ODD_EMAILS).containsNull();
    assertThat(all).extracting(Customer::balanceCents).contains(Words.ODD_AMOUNTS).containsNull();
    assertThat(all).extracting(Customer::createdAt).contains(Words.ODD_TIMES).containsNull();
    assertThat(all)
        .extracting(Customer::fullName)
        .filteredOn(Objects::nonNull)
        .anyMatch(name -> name.length() > 400);
  }

  @Test
  void mostRowsAreOrdinary() {
    long odd =
        customers(data).stream()
            .filter(customer -> customer.fullName() == null || customer.fullName().isBlank())
            .count();
    assertThat(odd).isBetween(1L, CUSTOMERS / 50L);
  }

  @Test
  void ordersBelongToCustomersThatExist() {
    for (long id = 1; id <= data.orders(); id++) {
      assertThat(data.order(id).customerId()).isBetween(1L, (long) CUSTOMERS);
    }
  }

  @Test
  void aDataSetWithoutCustomersIsRefused() {
    assertThatThrownBy(() -> new DataSet(1, 0, 1)).hasMessageContaining("at least one customer");
  }

  private static List<Customer> customers(DataSet data) {
    return LongStream.rangeClosed(1, data.customers()).mapToObj(data::customer).toList();
  }

  private static String digest(DataSet data) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (long id = 1; id <= 2_000; id++) {
      digest.update(
          (data.customer(id) + "\n" + data.order(id) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
